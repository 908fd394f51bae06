/**
 * Characters that XML 1.0 has no place for (2.2): most control characters, halves of surrogate pairs, U+FFFE and U+FFFF.
 * Tab and line ends are allowed in the text of an element.
 */
const NOT_XML =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Most texts have nothing to do: one look tells. */
const NEEDS_WORK = /[&<>"\u0000-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/;

/** The text without what XML cannot hold. */
export function xmlCharacters(text: string): string {
  return text.replaceAll(NOT_XML, '');
}

/** Text as it stands in an element or a quoted attribute; what XML cannot hold is left out, a carriage return is kept as a reference. */
export function escapeXml(text: string): string {
  if (!NEEDS_WORK.test(text)) return text;
  return xmlCharacters(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
