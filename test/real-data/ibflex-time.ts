// Flex statements write the broker's local time, New York: 20230210;071526, or only the date.

const NEW_YORK = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  timeZoneName: 'longOffset',
});

const OFFSET = /GMT([+-]\d\d:\d\d)/;

const offsetAt = (wallClock: string): string =>
  OFFSET.exec(NEW_YORK.format(new Date(`${wallClock}-05:00`)))?.[1] ?? '';

const withOffset = (wallClock: string): string => `${wallClock}${offsetAt(wallClock)}`;

const isoDate = (digits: string): string =>
  `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;

/** RFC 3339 with New York's offset; a date alone is its midnight. */
export const localTime = (text: string): string => {
  const [date = '', clock = '000000'] = text.split(';');
  const time = `${clock.slice(0, 2)}:${clock.slice(2, 4)}:${clock.slice(4, 6)}`;
  return withOffset(`${isoDate(date)}T${time}`);
};

/** The midnight that ends a day. */
export const nextMidnight = (date: string): string => {
  const day = new Date(`${isoDate(date)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return withOffset(`${day.toISOString().slice(0, 'yyyy-mm-dd'.length)}T00:00:00`);
};
