/** The app without a window: engine, API over HTTP and WebSocket, screens in a browser. Plain Node. */
import { createApp, type AppDeps } from './app.ts';
import { startHttp } from './transport/http.ts';
import { loadToken, tokenFile } from './transport/token.ts';

export interface Headless {
  readonly url: string;
  /** The address with the token, to be opened in a browser once. */
  readonly openUrl: string;
  readonly tokenFile: string;
  stop(): Promise<void>;
}

/** Rejects with `store/*` when the data folder cannot be had and `api/conflict` when the port is taken; nothing is left running then. */
export async function startHeadless(deps: AppDeps & { readonly port: number; readonly screensFolder: string | null }): Promise<Headless> {
  const app = await createApp(deps);
  try {
    const token = loadToken(deps.dataFolder);
    const server = await startHttp({ api: app.api, port: deps.port, token, screensFolder: deps.screensFolder, logger: deps.logger });
    await app.start();
    return {
      url: server.url,
      openUrl: `${server.url}/#token=${token}`,
      tokenFile: tokenFile(deps.dataFolder),
      async stop() {
        await server.close();
        await app.stop();
      },
    };
  } catch (error) {
    await app.stop();
    throw error;
  }
}
