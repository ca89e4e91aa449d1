import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { output } from './run.mjs'

/** What the figures depend on: versions, processor, and how the appliance runs. */
export async function describeHost(cli) {
  const version = async (program, args) => /\d+(?:\.\d+)+/.exec(await output(program, args))?.[0]
  const checks = JSON.parse(await output(process.execPath, [cli, 'doctor', '--json'])).checks ?? []
  const os = /^PRETTY_NAME="(.*)"/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1]
  return {
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os,
    kernel: release(),
    node: process.versions.node,
    qemu: await version('qemu-img', ['--version']),
    libguestfs: await version('guestfish', ['--version']),
    'virt-sysprep': await version('virt-sysprep', ['--version']),
    openssh: /OpenSSH_\S+?(?=[, ])/.exec(await sshVersion())?.[0],
    accelerator: checks.find(({ name }) => name === 'KVM')?.ok === 'yes' ? 'KVM' : 'emulation (TCG)',
  }
}

async function sshVersion() {
  return output('bash', ['-c', 'ssh -V 2>&1'])
}
