import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

const ROOT = resolve(import.meta.dirname, '../..')

/** The TypeScript files below these directories of the repository as JavaScript, without type checks, below `out`. */
export async function transpile(directories: readonly string[], out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'package.json'), '{ "type": "module" }')
  await symlink(join(ROOT, 'node_modules'), join(out, 'node_modules'))
  for (const directory of directories) {
    const files = await readdir(join(ROOT, directory), { recursive: true })
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = await readFile(join(ROOT, directory, file), 'utf8')
      const target = join(out, directory, file.replace(/\.ts$/, '.js'))
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      })
      await mkdir(dirname(target), { recursive: true })
      await writeFile(target, outputText)
    }
  }
}
