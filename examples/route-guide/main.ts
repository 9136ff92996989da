// Serves the route guide: PORT is where it listens, default 50051.
import { startRouteGuide } from './server.js';

const guide = await startRouteGuide(Number(process.env.PORT ?? '50051'));
console.log(`routeguide.RouteGuide listens on 127.0.0.1:${guide.port}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => guide.close());
