import { start } from './app/start.tsx';
import { keepToken, takeToken } from './app/token.ts';
import { browserClock } from './client/clock.ts';
import { ipcTransport } from './client/ipc-transport.ts';
import type { Transport } from './client/transport.ts';
import { browserSocket, webSocketTransport } from './client/websocket-transport.ts';
import { workspaceOf } from './client/workspace.ts';

/** In the window of the application the engine is next door; in a browser it is behind a WebSocket and a token. */
function transportOfPage(): Transport | null {
  if (window.feeder !== undefined) return ipcTransport(window.feeder, workspaceOf(window));
  const token = takeToken(window);
  return token === null ? null : connect(token);
}

function connect(token: string): Transport {
  keepToken(token, sessionStorage);
  const address = new URL('/api/socket', window.location.href);
  address.searchParams.set('workspace', workspaceOf(window));
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return webSocketTransport({
    clock: browserClock,
    open: browserSocket(address, token),
    isRefused: async () => {
      try {
        const answer = await fetch('/api/call/settings.get', {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: '{}',
        });
        return answer.status === 401;
      } catch {
        // Nobody answers: that is a lost connection, not a refusal.
        return false;
      }
    },
  });
}

const host = document.getElementById('root');
if (host !== null) void start({ host, transport: transportOfPage(), connect });
