/** Dates and times in the zone of the site, never of the browser. */

export interface SiteTime {
  readonly zone: string;
  /** `21.11.2026` */
  date(at: string | number): string;
  /** `14:30` */
  time(at: string | number): string;
  /** `14:30:05` */
  timeWithSeconds(at: string | number): string;
  /** `21.11.2026 14:30` */
  dateTime(at: string | number): string;
  /** `14:00–14:30`; the end of a day is `24:00`. */
  interval(start: string | number, minutes: number): string;
  /** ISO date of the moment, `2026-11-21`. */
  isoDate(at: string | number): string;
  /** The moment that a day begins at, in UTC. */
  dayStart(isoDate: string): string;
  /** Minutes east of UTC at the moment. */
  offsetMin(at: string | number): number;
}

interface Wall {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

const MOSCOW_OFFSET_MIN = 180;

/** `zone` is an IANA name; RangeError when the browser does not know it. */
export function siteTime(zone: string): SiteTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const wall = (at: string | number): Wall => {
    const parts = Object.fromEntries(format.formatToParts(millis(at)).map(({ type, value }) => [type, value]));
    const part = (name: string) => parts[name] ?? '';
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
    };
  };
  const date = (at: string | number) => {
    const { day, month, year } = wall(at);
    return `${day}.${month}.${year}`;
  };
  const time = (at: string | number) => {
    const { hour, minute } = wall(at);
    return `${hour}:${minute}`;
  };
  const offsetMin = (at: string | number) => {
    const { year, month, day, hour, minute, second } = wall(at);
    const asUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return Math.round((asUtc - Math.floor(millis(at) / 1000) * 1000) / 60_000);
  };
  return {
    zone,
    date,
    time,
    timeWithSeconds: (at) => `${time(at)}:${wall(at).second}`,
    dateTime: (at) => `${date(at)} ${time(at)}`,
    interval: (start, minutes) => {
      const end = time(millis(start) + minutes * 60_000);
      return `${time(start)}–${end === '00:00' ? '24:00' : end}`;
    },
    isoDate: (at) => {
      const { day, month, year } = wall(at);
      return `${year}-${month}-${day}`;
    },
    dayStart: (isoDate) => {
      const asUtc = Date.parse(`${isoDate}T00:00:00Z`);
      // The offset of a neighbouring moment can be another one only within hours of a change; the second look settles it.
      const near = asUtc - offsetMin(asUtc) * 60_000;
      return new Date(asUtc - offsetMin(near) * 60_000).toISOString();
    },
    offsetMin,
  };
}

/** The zone as the header names it: the bare word only in Moscow time, elsewhere `UTC+5 (МСК+2)`. */
export function zoneLabel(zone: string, offsetMin: number, moscow: string): string {
  if (zone === 'Europe/Moscow') return moscow;
  return `UTC${signed(offsetMin)} (${moscow}${signed(offsetMin - MOSCOW_OFFSET_MIN)})`;
}

/** `2026-11-21` as `21.11.2026`. */
export function printDate(isoDate: string): string {
  const [year = '', month = '', day = ''] = isoDate.split('-');
  return `${day}.${month}.${year}`;
}

/** `ноябрь`, `November`; short `нояб.`, `Nov`. `month` is 1 to 12. */
export function monthName(month: number, language: string, form: 'long' | 'short'): string {
  return new Intl.DateTimeFormat(language, { month: form, timeZone: 'UTC' }).format(Date.UTC(2024, month - 1, 1));
}

/** `пн`, `Mon`; `day` is 1 for Monday to 7. */
export function weekdayName(day: number, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
}

export function addDays(isoDate: string, days: number): string {
  return new Date(Date.parse(`${isoDate}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day of another month, or that month's last day when it is shorter. */
export function addMonths(isoDate: string, months: number): string {
  const [year = 0, month = 1, day = 1] = isoDate.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, last))).toISOString().slice(0, 10);
}

function millis(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

function signed(minutes: number): string {
  const magnitude = Math.abs(minutes);
  const rest = magnitude % 60;
  const hours = Math.floor(magnitude / 60);
  return `${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}
