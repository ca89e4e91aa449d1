import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Lists what failed once more, a line or two each, as the last thing that is printed: whoever has only the end of a long log knows what it was. */
export class FailedLast implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const failed = modules.flatMap((module) => [
      ...module.errors().map((error) => entry(module.relativeModuleId, error.message)),
      ...[...module.children.allTests('failed')].map(entryOf),
    ])
    if (failed.length > 0) console.log(`\nFailed:\n${failed.join('\n')}`)
  }
}

function entryOf(test: TestCase): string {
  const { errors = [] } = test.result()
  return entry(`${test.module.relativeModuleId} > ${test.fullName}`, errors[0]?.message ?? '')
}

function entry(what: string, message: string): string {
  const [first = ''] = message.split('\n')
  return `  ${what}\n    ${first.slice(0, 300)}`
}
