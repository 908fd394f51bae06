import { getCACertificates } from 'node:tls';

/**
 * Certificates that servers may be trusted by, PEM: those that come with Node, and those that the administrator of this computer has put in.
 * Empty where the runtime cannot list them: then its own choice holds.
 */
export function trustedCertificates(): string[] {
  try {
    return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  } catch {
    // The runtime of the window is built on another library of cryptography, which need not have the list.
    return [];
  }
}
