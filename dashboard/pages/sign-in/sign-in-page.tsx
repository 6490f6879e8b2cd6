/** Who are you? The address that the service prints signs in by itself; a token does, too. */
import { useState } from 'preact/hooks';
import { Shape } from '../../parts/shape.tsx';
import { signIn, signInProblem } from '../../state/session.ts';

export function SignInPage() {
  const [token, setToken] = useState('');
  const [isBusy, setBusy] = useState(false);
  const problem = signInProblem.value;
  return (
    <main id="main" class="sign-in">
      <h1 class="mark">
        true<b>up</b>
      </h1>
      <p class="sign-in-words">The book of record. Sign in to see whether it is true.</p>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          setBusy(true);
          await signIn({ token: token.trim() });
          setBusy(false);
        }}
      >
        <label>
          Token
          <input
            type="password"
            autocomplete="off"
            placeholder="tru_…"
            required
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        {problem !== null && (
          <p class="sign-in-problem" role="alert">
            <Shape name="break" /> {problem.detail}
            {problem.hint === null ? '' : `. ${problem.hint}`}
          </p>
        )}
        <button type="submit" class="button button-primary" disabled={isBusy}>
          Sign in
        </button>
      </form>
      <p class="quiet">
        A new token: <code>trueup token add NAME --scope read,repair,approve</code>
      </p>
    </main>
  );
}
