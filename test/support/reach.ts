import { spawnSync } from 'node:child_process'

/** Two network namespaces and a cable between them; the first has a listener on port 22 and loads what the arguments say. */
const SCRIPT = `set -eu
ip link set lo up
unshare -n sleep 60 & peer=$!
trap 'kill $peer' EXIT
until [ "$(readlink /proc/$peer/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
ip link add v0 type veth peer name v1 netns $peer
ip addr add 192.0.2.1/24 dev v0
ip link set v0 up
nsenter -t $peer -n ip addr add 192.0.2.2/24 dev v1
nsenter -t $peer -n ip link set v1 up
"$@" >&2
exec 3< <(exec python3 -c '
import socket, time
server = socket.create_server(("192.0.2.1", 22))
print("listens", flush=True)
time.sleep(60)')
server=$!
trap 'kill $peer $server' EXIT
read -r _ <&3
if nsenter -t $peer -n timeout 3 bash -c 'exec 4<>/dev/tcp/192.0.2.1/22' 2>/dev/null; then echo open; else echo closed; fi
`

/** Whether TCP port 22 of a machine is reached from another one once this command has loaded its rules. */
export function reaches(...load: readonly string[]): { answer: string; stderr: string } {
  const { stdout, stderr } = spawnSync('unshare', ['-n', 'bash', '-c', SCRIPT, 'bash', ...load], {
    encoding: 'utf8',
  })
  return { answer: stdout.trim(), stderr }
}

/** Runs a program without any network but its own; what it said if it failed. */
export function alone(program: string, args: readonly string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr, error } = spawnSync('unshare', ['-n', program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (error) throw error
  return status === 0 ? stdout : `${program} ${args.join(' ')}: ${status}\n${stdout}${stderr}`
}
