/** The four energy channels of a meter: active and reactive, import (+) and export (-), as the meter sees them. */
export const CHANNELS = ['A+', 'A-', 'R+', 'R-'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One figure per channel; `null` means that the meter does not keep this kind of energy. */
export type PerChannel<T> = Readonly<Record<Channel, T>>;

/** Unit of the energy of a channel. */
export function energyUnit(channel: Channel): 'Wh' | 'varh' {
  return channel === 'A+' || channel === 'A-' ? 'Wh' : 'varh';
}

/** OBIS code of the cumulative register of a channel; tariff 0 is the sum (IEC 62056-61, C and E groups). */
export function registerObis(channel: Channel, tariff: number): string {
  const quantity = { 'A+': 1, 'A-': 2, 'R+': 3, 'R-': 4 }[channel];
  return `1-0:${quantity}.8.${tariff}*255`;
}
