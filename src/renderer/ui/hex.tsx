import { useLocale } from './locale.ts';
import { Absent } from './figures.tsx';

/** Bytes as they go over the wire, hex with spaces; it wraps between bytes. */
export function HexText({ hex }: { readonly hex: string }) {
  const { t } = useLocale();
  return hex === '' ? <Absent reason={t('hex.nothing')} /> : <code className="hex">{hex}</code>;
}
