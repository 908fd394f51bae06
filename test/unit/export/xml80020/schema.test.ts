import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemaText } from '../../../../src/main/export/xml80020/schema.ts';

describe('resources/80020/80020-v2.xsd', () => {
  it('is the schema that files are checked by', () => {
    expect(readFileSync(new URL('../../../../resources/80020/80020-v2.xsd', import.meta.url), 'utf8')).toBe(schemaText(0));
  });

  it('differs with the decimals in the form of values alone', () => {
    const [whole, thousandths] = [schemaText(0), schemaText(3)].map((text) => text.split('\n'));
    expect(thousandths?.filter((line, index) => line !== whole?.[index])).toEqual([
      '    <xs:restriction base="xs:string"><xs:pattern value="\\d{1,12}(\\.\\d{1,3})?"/></xs:restriction>',
    ]);
  });
});
