import { expect, test } from 'vitest';
import { blueprintDriver } from '../../../src/main/drivers/blueprint/driver.ts';
import { BLUEPRINT_TABLE } from '../../../src/main/drivers/blueprint/table.ts';
import { UNITS } from '../../../src/shared/domain/quantity.ts';
import { data, meterSettings, type Scripted, ScriptedLink } from './scripted-link.ts';

const answers: Readonly<Record<string, Scripted>> = {
  '0800': data('0C 22 38 12 16 06 14'),
  '050000': data('00 00 2A 00 FF FF FF FF 00 00 00 00 FF FF FF FF'),
};

function connect(expectedSerial: string | null) {
  const link = new ScriptedLink(18, (body) => answers[body] ?? null);
  return blueprintDriver('mercury-23x').connect(link, meterSettings({ expectedSerial }), () => link.nowMs);
}

test('the blueprint reads what it says and knows the meter by its serial', async () => {
  const session = connect('12345618');
  expect((await session.identify()).value.serial).toBe('12345618');
  expect((await session.readRegisters('now', [0])).value).toMatchObject([
    { tariff: 0, energy: { 'A+': 42, 'A-': null, 'R+': 0, 'R-': null } },
  ]);
  await expect(connect('12345699').identify()).rejects.toMatchObject({ code: 'meter/wrong-serial' });
});

test('the blueprint says what it lacks', async () => {
  const session = connect(null);
  await session.open();
  for (const read of [session.describe, session.readClock, session.readInstantaneous, session.readProfileHead]) {
    await expect(read()).rejects.toMatchObject({ code: 'meter/unsupported' });
  }
  await expect(session.readRegisters('day-start', [0])).rejects.toMatchObject({ code: 'meter/unsupported' });
  await session.close();
});

test('the table of the blueprint names known units and its own commands and formats', () => {
  for (const { unit, command, format } of BLUEPRINT_TABLE.rows) {
    expect(UNITS).toContain(unit);
    expect(BLUEPRINT_TABLE.commands).toContain(command);
    expect(BLUEPRINT_TABLE.formats).toContain(format);
  }
});
