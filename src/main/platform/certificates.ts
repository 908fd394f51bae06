import { getCACertificates } from 'node:tls';

/** Certificates that servers may be trusted by, PEM: those that come with Node, and those that the administrator of this computer has put in. */
export function trustedCertificates(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}
