/** The app without a window: engine, API over HTTP and WebSocket, screens in a browser. Plain Node. */
import { createApp, type AppDeps } from './app.ts';
import { type HttpServer, startHttp } from './transport/http.ts';
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
  let server: HttpServer | null = null;
  try {
    const token = loadToken(deps.dataFolder);
    const http = await startHttp({ api: app.api, port: deps.port, token, screensFolder: deps.screensFolder, logger: deps.logger });
    server = http;
    await app.start();
    return {
      url: http.url,
      openUrl: `${http.url}/#token=${token}`,
      tokenFile: tokenFile(deps.dataFolder),
      async stop() {
        await http.close();
        await app.stop();
      },
    };
  } catch (error) {
    await server?.close();
    await app.stop();
    throw error;
  }
}
