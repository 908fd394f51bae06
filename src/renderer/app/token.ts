const KEY = 'feeder-token';

/** The part of a window that is used. */
export interface TokenPage {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * The token of this tab. It comes once as `#token=...`, is kept for the tab's life and taken out of the address, so that
 * it is not bookmarked or shared with the link.
 */
export function takeToken(page: TokenPage): string | null {
  const { location, history, sessionStorage } = page;
  const given = /^#token=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
  if (given === undefined) return sessionStorage.getItem(KEY);
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return given;
}

export function keepToken(token: string, storage: Storage): void {
  storage.setItem(KEY, token);
}
