/**
 * How the page is built: one entry, hashed names, nothing inline, and each file compressed beside
 * itself. The same sources are the same bytes, whoever builds them and wherever.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What is smaller goes in one packet as it is. */
const worthMin = 1_024;

const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

/** Once, where it is built, instead of for each one who asks. */
const compressed: Plugin = {
  name: 'compressed',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /\.(js|css)$/.test(one))) {
      const path = join(dir!, name);
      const bytes = readFileSync(path);
      if (bytes.length < worthMin) continue;
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, best));
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
    }
  },
};

export default defineConfig(() => {
  // A test or a shell that says otherwise would make a page for developers, with paths in it.
  process.env['NODE_ENV'] = 'production';
  return {
    root: import.meta.dirname,
    publicDir: 'public',
    plugins: [compressed],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2023',
      // The first ones that know light-dark().
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
});
