import { describe, expect, it } from 'vitest';
import { hasKnownHost, hasOwnOrigin } from '../../../src/main/transport/origin.ts';

describe('the host header', () => {
  it.each(['127.0.0.1:8442', 'localhost', 'localhost:1', '[::1]:8442', '192.168.1.7:8442', 'plant-pc:8442'])(
    '%s names this server',
    (header) => {
      expect(hasKnownHost(header, 'plant-pc')).toBe(true);
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'plant-pc.evil.example',
    'a@127.0.0.1',
    '127.0.0.1/x',
    '',
    'plant-pc:99999',
  ])('"%s" does not', (header) => {
    expect(hasKnownHost(header, 'plant-pc')).toBe(false);
  });

  it('is required', () => {
    expect(hasKnownHost(undefined, '127.0.0.1')).toBe(false);
  });
});

describe('the origin of a page', () => {
  it('is ours when scheme, name and port are', () => {
    expect(hasOwnOrigin('http://127.0.0.1:8442', '127.0.0.1:8442')).toBe(true);
    expect(hasOwnOrigin('http://127.0.0.1:8443', '127.0.0.1:8442')).toBe(false);
    expect(hasOwnOrigin('https://127.0.0.1:8442', '127.0.0.1:8442')).toBe(false);
    expect(hasOwnOrigin('http://localhost:8442', '127.0.0.1:8442')).toBe(false);
    expect(hasOwnOrigin('null', '127.0.0.1:8442')).toBe(false);
  });

  it('is absent when a program asks', () => {
    expect(hasOwnOrigin(undefined, '127.0.0.1:8442')).toBe(true);
  });
});
