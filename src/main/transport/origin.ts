import { isIP } from 'node:net';

/**
 * Whether a `Host` header names this server by something that a foreign page cannot point here: an IP address,
 * `localhost` or the name it was told to listen on. Any other name may be a rebound DNS entry.
 */
export function hasKnownHost(header: string | undefined, listensOn: string): boolean {
  if (header === undefined) return false;
  const url = URL.parse(`http://${header}/`);
  if (url === null || url.host === '' || url.username !== '' || url.pathname !== '/') return false;
  const name = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || name === 'localhost' || name === listensOn;
}

/** Whether the page that asks, if it is a page, was served by this very host and port. Programs send no `Origin`. */
export function hasOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || (host !== undefined && origin === `http://${host}`);
}
