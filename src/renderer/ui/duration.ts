import type { Locale } from './locale.ts';

/** How long something takes: `45 с`, `2 мин 30 с`, `1 ч 5 мин`. Seconds are rounded up: a promise is not to be broken. */
export function durationText(seconds: number, t: Locale['t']): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return t('age.seconds', { value: whole });
  const parts =
    whole < 3600
      ? [t('age.minutes', { value: Math.floor(whole / 60) }), ...(whole % 60 === 0 ? [] : [t('age.seconds', { value: whole % 60 })])]
      : [
          t('age.hours', { value: Math.floor(whole / 3600) }),
          ...(Math.floor((whole % 3600) / 60) === 0 ? [] : [t('age.minutes', { value: Math.floor((whole % 3600) / 60) })]),
        ];
  return parts.join(' ');
}
