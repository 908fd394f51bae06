import type { Workspace } from '../../shared/api/dispatch.ts';

const KEY = 'feeder-workspace';

/** The part of a window that is used. */
export interface WorkspacePage {
  readonly location: Pick<Location, 'hash' | 'reload'>;
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** Whose data this tab looks at. */
export function workspaceOf({ sessionStorage }: Pick<WorkspacePage, 'sessionStorage'>): Workspace {
  return sessionStorage.getItem(KEY) === 'training' ? 'training' : 'site';
}

/** Goes over to the other data. The page begins anew: nothing that was shown of one may stay beside the other. */
export function enterWorkspace(workspace: Workspace, page: WorkspacePage): void {
  if (workspace === 'training') page.sessionStorage.setItem(KEY, 'training');
  else page.sessionStorage.removeItem(KEY);
  page.location.hash = '#/overview';
  page.location.reload();
}
