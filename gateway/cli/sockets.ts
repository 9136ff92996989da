/**
 * File descriptors of the sockets that systemd has passed to the process with that id: variables `LISTEN_FDS` and `LISTEN_PID` (sd_listen_fds(3)). The
 * first is 3.
 */
export function passedSockets(count: string | undefined, pid: string | undefined, self: number): readonly number[] {
  if (count === undefined || pid !== String(self) || !/^\d{1,2}$/.test(count)) return [];
  return Array.from({ length: Number(count) }, (_, i) => 3 + i);
}
