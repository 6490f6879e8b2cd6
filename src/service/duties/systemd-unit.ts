/**
 * Units for systemd, as text. Every directive that is not what anybody would write has its reason
 * in the unit itself: whoever reads it there has no other page open.
 */

/** A word of a command line, or what a variable of the environment file holds. */
export type UnitWord = string | { readonly variable: string };

export interface UnitRequest {
  /** Name of the units, without its ending. */
  readonly name: string;
  /** Null: whom systemd runs services as, which is root. */
  readonly user: string | null;
  /** What is run: a program and its words, absolute paths. */
  readonly program: readonly string[];
  readonly words: readonly UnitWord[];
  /** The source as people are shown it. */
  readonly source: string;
  /** Folders that are written to: the book's, the source's, of reports and of the log. */
  readonly writes: readonly string[];
  /** Where the book is. */
  readonly folder: string;
  /** Where programs put sockets and temporary files. */
  readonly temporary: string;
  /** A file of variables, for what no unit may hold. */
  readonly environmentFile: string;
  readonly intervalMinutes: number;
  /** What runs until it is stopped. */
  readonly command: 'schedule' | 'serve';
  /** Whether it needs keys of venues. */
  readonly hasKeys: boolean;
}

export interface UnitFile {
  readonly name: string;
  readonly text: string;
}

/** The service that runs until it is stopped. */
export const serviceUnit = (request: UnitRequest): readonly UnitFile[] => [
  { name: `${request.name}.service`, text: unit(serviceSections(request)) },
];

/** The listener of a venue, whose name `source` is. */
export const listenUnit = (request: UnitRequest): readonly UnitFile[] => [
  { name: `${request.name}.service`, text: unit(listenSections(request)) },
];

/** One run by the clock of systemd, instead of a service that stays. */
export const timerUnits = (request: UnitRequest): readonly UnitFile[] => [
  { name: `${request.name}.service`, text: unit(onceSections(request)) },
  { name: `${request.name}.timer`, text: unit(timerSections(request)) },
];

type Section = readonly [name: string, lines: readonly string[]];

const unit = (sections: readonly Section[]): string =>
  `${sections.map(([name, lines]) => [`[${name}]`, ...lines].join('\n')).join('\n\n')}\n`;

const head = ({ source }: UnitRequest, what: string): readonly string[] => [
  `Description=Trueup ${what} ${escaped(source)}`,
  'After=network-online.target time-sync.target',
  'Wants=network-online.target',
];

const serviceSections = (request: UnitRequest): readonly Section[] => [
  [
    'Unit',
    [
      ...head(request, 'keeps true what is stored in'),
      '# It never gives up: a source that is away for a day is there again some time.',
      'StartLimitIntervalSec=0',
    ],
  ],
  [
    'Service',
    [
      'Type=notify',
      '# Signs of life are sent by systemd-notify, a process of its own.',
      'NotifyAccess=all',
      `ExecStart=${commandLine([...request.program, request.command, ...request.words])}`,
      '# Reads the settings again, and opens the log file anew where there is one.',
      'ExecReload=/bin/kill -HUP $MAINPID',
      'Restart=on-failure',
      '# What was asked for wrongly is wrong again.',
      'RestartPreventExitStatus=2 4',
      'RestartSec=10',
      '# A run that is stuck sends no sign of life: it is ended and begun anew.',
      'WatchdogSec=120',
      'TimeoutStartSec=180',
      '# The run that goes on is finished, which takes at most ten seconds.',
      'TimeoutStopSec=20',
      'KillMode=mixed',
      ...surroundings(request),
      ...hardening(request),
    ],
  ],
  ['Install', ['WantedBy=multi-user.target']],
];

const listenSections = (request: UnitRequest): readonly Section[] => [
  [
    'Unit',
    [
      ...head(request, 'books what happens on the venue'),
      '# It never gives up: an exchange that is away for a day is there again some time.',
      'StartLimitIntervalSec=0',
    ],
  ],
  [
    'Service',
    [
      'Type=exec',
      `ExecStart=${commandLine([...request.program, 'listen', ...request.words])}`,
      'Restart=on-failure',
      '# What was asked for wrongly is wrong again, and so is a key that is refused.',
      'RestartPreventExitStatus=2 4',
      'RestartSec=10',
      '# What came is booked before it ends, which takes at most ten seconds.',
      'TimeoutStopSec=30',
      'KillMode=mixed',
      ...surroundings(request),
      ...hardening(request),
    ],
  ],
  ['Install', ['WantedBy=multi-user.target']],
];

const onceSections = (request: UnitRequest): readonly Section[] => [
  ['Unit', head(request, 'checks once what is stored in')],
  [
    'Service',
    [
      'Type=oneshot',
      `ExecStart=${commandLine([...request.program, 'schedule', '--once', ...request.words])}`,
      '# 3 is a difference that was found, 5 one that nobody can say: results, and not failures.',
      'SuccessExitStatus=3 5',
      'TimeoutStartSec=300',
      ...surroundings(request),
      ...hardening(request),
    ],
  ],
];

const timerSections = ({ name, source, intervalMinutes }: UnitRequest): readonly Section[] => [
  ['Unit', [`Description=When Trueup checks ${escaped(source)}`]],
  [
    'Timer',
    [
      ...calendarOf(intervalMinutes),
      'AccuracySec=1s',
      '# What was missed while the machine was off is caught up with one run.',
      'Persistent=true',
      `Unit=${name}.service`,
    ],
  ],
  ['Install', ['WantedBy=timers.target']],
];

const dayMinutes = 1_440;

/**
 * On the clock, so that systemd knows what was missed: from the full hour, or above that from
 * midnight in UTC. The last interval before it is shorter where it does not divide.
 */
function calendarOf(minutes: number): readonly string[] {
  if (minutes < 60) return [`OnCalendar=*:0/${minutes}`];
  const slots = Array.from({ length: Math.ceil(dayMinutes / minutes) }, (_, at) => at * minutes);
  return slots.map((at) => `OnCalendar=*-*-* ${two(Math.floor(at / 60))}:${two(at % 60)} UTC`);
}

const two = (count: number): string => String(count).padStart(2, '0');

const keyLines: readonly string[] = [
  '# The key: the file that the settings name, or a credential, such as',
  '# LoadCredential=TRUEUP_VENUE_MAIN_KEY:/etc/trueup/main-key.json (the venue in capitals).',
];

const surroundings = (request: UnitRequest): readonly string[] => [
  ...(request.hasKeys ? keyLines : []),
  ...(request.user === null
    ? ['# As the user who owns the database: files of root would lock its owner out.', '# User=']
    : [`User=${request.user}`]),
  `WorkingDirectory=${escaped(request.folder)}`,
  '# Secrets stand in no unit: variables here (TRUEUP_SOURCE, TRUEUP_SLACK_URL ...), or one file',
  '# each as a credential, such as LoadCredential=TRUEUP_TELEGRAM_TOKEN:/etc/trueup/telegram',
  `EnvironmentFile=-${escaped(request.environmentFile)}`,
  ...(request.temporary === '/tmp' ? [] : [assigned('TMPDIR', request.temporary)]),
];

const hardening = ({ writes, temporary }: UnitRequest): readonly string[] => [
  'UMask=0077',
  'ProtectSystem=strict',
  `ReadWritePaths=${[...new Set([...writes, temporary])].sort().map(quoted).join(' ')}`,
  'ProtectHome=read-only',
  '# Commands find the holder of a book by a socket there: with a private one, each would take the',
  '# other for dead and the book from it.',
  'PrivateTmp=no',
  'PrivateDevices=yes',
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  "# Netlink is how the resolver of names asks for the machine's own addresses.",
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallErrorNumber=EPERM',
  '# Off: JavaScript is compiled while it runs, into memory that is written and then executed.',
  'MemoryDenyWriteExecute=no',
];

/** Percent signs begin a specifier. */
const escaped = (text: string): string => text.replaceAll('%', '%%');

const quoted = (text: string): string =>
  /^[\w@+,.:/=%-]+$/.test(text) ? escaped(text) : `"${inQuotes(text)}"`;

const inQuotes = (text: string): string => escaped(text).replace(/[\\"]/g, '\\$&');

/** In a command line a dollar sign begins a variable too. */
const commandLine = (words: readonly UnitWord[]): string =>
  words
    .map((word) =>
      typeof word === 'string' ? quoted(word).replaceAll('$', '$$$$') : `\${${word.variable}}`,
    )
    .join(' ');

const assigned = (name: string, value: string): string =>
  `Environment="${inQuotes(`${name}=${value}`)}"`;
