import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cloneOf, diskOf } from './guest.mjs'
import { each, sum, timed } from './run.mjs'

const KEY_TYPES = ['rsa', 'ecdsa', 'ed25519']

/**
 * The same clone as `vmclone-fix` makes, by virt-sysprep and virt-customize: a linked disk, three host keys by ssh-keygen, and every
 * edit that they know. Neither knows a .vmx; its edits are not counted here.
 */
async function peerClone(directory, { template, env }, index) {
  const { name, ip } = cloneOf(index)
  const disk = join(directory, `${name}.qcow2`)
  const backing = ['-b', await diskOf(template), '-F', 'vmdk']
  const steps = { disk: await timed('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, disk]) }
  const keys = join(directory, `${name}-keys`)
  await mkdir(keys)
  const made = []
  for (const type of KEY_TYPES) {
    const file = join(keys, `ssh_host_${type}_key`)
    made.push(await timed('ssh-keygen', ['-q', '-N', '', '-C', `root@${name}`, '-t', type, '-f', file]))
  }
  steps.keys = sum(made)
  const image = ['--quiet', '--format', 'qcow2', '-a', disk]
  steps.sysprep = await timed('virt-sysprep', [...image, '--hostname', name], { env })
  steps.customize = await timed('virt-customize', [...image, '--no-network', ...edits(name, ip, keys)], {
    env,
  })
  await rm(disk)
  return { ...steps, all: sum(Object.values(steps)) }
}

function edits(name, ip, keys) {
  const uploads = KEY_TYPES.flatMap((type) =>
    [`ssh_host_${type}_key`, `ssh_host_${type}_key.pub`].map(
      (file) => `${join(keys, file)}:/etc/ssh/${file}`,
    ),
  )
  const id = Buffer.from(name).toString('hex').padEnd(32, '0').slice(0, 32)
  return [
    ...['--hostname', name],
    ...['--write', `/etc/machine-id:${id}\n`],
    ...['--edit', `/etc/hosts:s/^192\\.168\\.8\\.2\\b/${ip}/; s/\\btemplate\\b/${name}/g`],
    ...[
      '--edit',
      `/etc/network/interfaces:s/^(\\s*address\\s+)192\\.168\\.8\\.2\\b/\${1}${ip}/; s/^(\\s*netmask\\s+).*/\${1}255.255.0.0/`,
    ],
    ...uploads.flatMap((upload) => ['--upload', upload]),
  ]
}

/** Several clones by the peers, one after the other; times of one. */
export async function runPeers({ work, template, host, peers, say }) {
  // Where KVM is there and broken, they do not find it out.
  const env = host.accelerator === 'KVM' ? {} : { LIBGUESTFS_BACKEND_SETTINGS: 'force_tcg' }
  const directory = join(work, 'peers')
  await mkdir(directory)
  const clones = []
  for (let index = 0; index < peers; index++) {
    say(`virt-sysprep and virt-customize: clone ${index + 1} of ${peers}`)
    clones.push(await peerClone(directory, { template, env }, index))
  }
  const mean = (step) => each(sum(clones.map((clone) => clone[step])), peers)
  const steps = Object.fromEntries(Object.keys(clones[0]).map((step) => [step, mean(step)]))
  await rm(directory, { recursive: true })
  return { clones: peers, ...steps }
}

/** Host keys of as many clones by ssh-keygen alone, on all cores. */
export async function runKeys({ work, keys, cores, say }) {
  say(`ssh-keygen alone: the keys of ${keys} clones on ${cores} cores`)
  const directory = join(work, 'keys')
  await mkdir(directory)
  const jobs = Array.from({ length: keys }, (_, index) =>
    KEY_TYPES.map((type) => `${type} ${join(directory, `${index}-${type}`)}`),
  ).flat()
  const list = join(work, 'keys.list')
  await writeFile(list, `${jobs.join('\n')}\n`)
  const one = 'ssh-keygen -q -N "" -C root@node -t "$1" -f "$2"'
  const time = await timed('xargs', ['-a', list, '-n', '2', '-P', String(cores), 'bash', '-c', one, 'bash'])
  await rm(directory, { recursive: true })
  await rm(list)
  return { clones: keys, ...each(time, keys) }
}
