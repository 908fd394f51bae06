import { type ApiEvent, type ApiServer, type Outcome, serverOf } from '../../shared/api/dispatch.ts';
import { AppError, errorShape } from '../../shared/api/errors.ts';
import type { Logger } from '../platform/logger.ts';
import { CALL_CHANNEL, EVENT_CHANNEL, SCREENS_ORIGIN, TRAINING_CHANNEL } from './channels.ts';

/** Who sent a call; `null` when the frame is gone already. */
interface Sender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** The part of `ipcMain` that the adapter needs. */
export interface MainChannel {
  handle(channel: string, handler: (event: Sender, name: unknown, params: unknown, workspace: unknown) => Promise<Outcome<unknown>>): void;
  removeHandler(channel: string): void;
}

/** A window's page, as a receiver of events. */
export interface Page {
  send(channel: string, event: ApiEvent): void;
  isDestroyed(): boolean;
}

export interface IpcOptions {
  readonly ipcMain: MainChannel;
  readonly api: ApiServer;
  /** The pages that are open now. */
  readonly pages: () => readonly Page[];
  readonly logger: Logger;
}

/** Carries the API over Electron's IPC: calls from the top frame of our own screens only, events to every page. Returns the stop function. */
export function serveIpc({ ipcMain, api, pages, logger }: IpcOptions): () => void {
  ipcMain.handle(CALL_CHANNEL, async (event, name, params, workspace) => {
    if (!isOwnScreen(event)) {
      logger.warn({ url: event.senderFrame?.url ?? null }, 'A call from a foreign frame was refused');
      return refusal(new AppError('api/forbidden', 'Only the screens of Feeder may call'));
    }
    if (typeof name !== 'string') return refusal(new AppError('api/invalid-argument', 'The name of a method is a text'));
    const server = serverOf(api, workspace);
    if (server === null) return refusal(new AppError('api/not-found', 'There is no such workspace'));
    return server.dispatch(name, params, { transport: 'ipc', role: 'administrator' });
  });
  const toPages = (channel: string) => (event: ApiEvent) => {
    for (const page of pages()) if (!page.isDestroyed()) page.send(channel, event);
  };
  const unsubscribe = api.subscribe(toPages(EVENT_CHANNEL));
  const unsubscribeTraining = api.training?.subscribe(toPages(TRAINING_CHANNEL));
  return () => {
    unsubscribe();
    unsubscribeTraining?.();
    ipcMain.removeHandler(CALL_CHANNEL);
  };
}

function isOwnScreen({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.url.startsWith(`${SCREENS_ORIGIN}/`);
}

function refusal(error: AppError): Outcome<never> {
  return { ok: false, error: errorShape(error) };
}
