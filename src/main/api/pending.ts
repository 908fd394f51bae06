import { AppError } from '../../shared/api/errors.ts';
import type { Handlers } from './dispatch.ts';

const pending = (): never => {
  throw new AppError('api/not-found', 'This version does not do that yet');
};

/** Methods of the contract whose parts are being joined. */
export const PENDING = {
  'findings.list': pending,
  'meter.inventory': pending,
  'meter.read': pending,
  'meter.audit': pending,
  'meter.auditNow': pending,
} satisfies Partial<Handlers>;
