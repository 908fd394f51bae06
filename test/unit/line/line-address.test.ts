import { describe, expect, it } from 'vitest';
import { describeLineAddress, formatLineAddress, parseLineAddress } from '../../../src/main/line/line-address.ts';
import { asAppError } from '../../../src/shared/api/errors.ts';

function fault(text: string): { code: string; part: unknown } {
  try {
    parseLineAddress(text);
  } catch (error) {
    const known = asAppError(error);
    return { code: known.code, part: known.context['part'] };
  }
  throw new Error(`${text} was accepted`);
}

describe('the address of a line', () => {
  it('takes a gateway without settings for 9600 8N1', () => {
    expect(parseLineAddress('tcp:10.0.0.5:4001')).toEqual({
      kind: 'tcp',
      host: '10.0.0.5',
      port: 4001,
      settings: { baudRate: 9600, format: '8N1' },
    });
  });

  it('keeps the settings of the bus behind a gateway', () => {
    expect(parseLineAddress('tcp:moxa-1.plant.local:4001:2400-8O1')).toMatchObject({
      host: 'moxa-1.plant.local',
      settings: { baudRate: 2400, format: '8O1' },
    });
  });

  it('takes an IPv6 host in brackets', () => {
    const address = parseLineAddress('tcp:[FD00::5]:4001:19200-8N2');
    expect(address).toMatchObject({ host: 'fd00::5', port: 4001, settings: { baudRate: 19200, format: '8N2' } });
    expect(describeLineAddress(address)).toBe('tcp:[fd00::5]:4001');
  });

  it('takes device paths that hold colons', () => {
    expect(parseLineAddress('serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0:9600-7E1')).toEqual({
      kind: 'serial',
      path: '/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0',
      settings: { baudRate: 9600, format: '7E1' },
    });
  });

  it.each([
    ['tcp:gate:4001:9600-8N1', 'tcp:gate:4001'],
    ['tcp:GATE:4001', 'tcp:gate:4001'],
    ['tcp:gate:04001', 'tcp:gate:4001'],
    ['tcp:gate:4001:9600-8e1', 'tcp:gate:4001:9600-8E1'],
    ['tcp:[::1]:4001', 'tcp:[::1]:4001'],
    ['serial:com4:9600-8n1', 'serial:COM4:9600-8N1'],
    ['serial:\\\\.\\COM10:115200-8N1', 'serial:COM10:115200-8N1'],
    ['serial:/dev/ttyUSB0:300-7E1', 'serial:/dev/ttyUSB0:300-7E1'],
  ])('writes %s as %s, and reads that as the same line', (text, canonical) => {
    const address = parseLineAddress(text);
    expect(formatLineAddress(address)).toBe(canonical);
    expect(parseLineAddress(canonical)).toEqual(address);
  });

  it.each([
    ['', 'kind'],
    ['udp:1.2.3.4:4001', 'kind'],
    ['COM4', 'kind'],
    ['tcp:4001', 'host'],
    ['tcp::4001', 'host'],
    ['tcp:10.0.0.256:4001', 'host'],
    ['tcp:10.0.5:4001', 'host'],
    ['tcp:two words:4001', 'host'],
    ['tcp:fd00::5:4001', 'port'],
    ['tcp:[fd00::zz]:4001', 'host'],
    ['tcp:gate:0', 'port'],
    ['tcp:gate:65536', 'port'],
    ['tcp:gate:4001x', 'port'],
    ['tcp:gate:', 'port'],
    ['tcp:gate:4001:', 'baudRate'],
    ['tcp:gate:4001:9600', 'format'],
    ['tcp:gate:4001:9600-8N1-1', 'format'],
    ['tcp:gate:4001:9600-9N1', 'format'],
    ['tcp:gate:4001:09600-8N1', 'baudRate'],
    ['serial:COM4', 'settings'],
    ['serial:COM0:9600-8N1', 'path'],
    ['serial:ttyUSB0:9600-8N1', 'path'],
    ['serial:/dev/tty\n0:9600-8N1', 'path'],
    ['serial::9600-8N1', 'path'],
    ['serial:COM4:14400-8N1', 'baudRate'],
    ['serial:COM4:9600-8M1', 'format'],
  ])('refuses %j and names the %s', (text, part) => {
    expect(fault(text)).toEqual({ code: 'api/invalid-argument', part });
  });
});
