import type { Command } from '../command.ts'

/** Tells whether this host can do the work. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'can this host do the work; what is missing; how to get it',
  description: 'Checks whether this host can fix clones, and says what to install or mend if not.',
  options: ['json', 'quiet', 'verbose'],
  examples: [{ line: 'vmclone-fix doctor', says: 'exit status 0 if it can, 3 if not' }],
  async run({ values, terminal, signal }) {
    const { runDoctor } = await import('../../guest/doctor.ts')
    const { cacheDirectory } = await import('../directories.ts')
    const { environment, stdout, stderr } = terminal
    if (!values.quiet?.value) stderr.write('vmclone-fix: looking at this host …\n')
    const cache = cacheDirectory(environment)
    const checks = await runDoctor({
      environment,
      signal,
      ...(cache === undefined ? {} : { cacheDirectory: cache }),
    })
    if (values.json?.value) {
      const { print } = await import('../render/document.ts')
      const list = checks.map(({ name, ok, fact, remedy }) => ({ name, ok, fact, remedy }))
      stdout.write(print({ version: 1, checks: list }))
    } else {
      const { renderDoctor } = await import('../render/doctor.ts')
      const { lookOf } = await import('../render/paint.ts')
      stdout.write(renderDoctor(checks, lookOf(stdout, environment)))
    }
    return checks.some(({ ok }) => ok === 'no') ? 3 : 0
  },
}
