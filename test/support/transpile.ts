import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

const ROOT = resolve(import.meta.dirname, '../..')
// Inside node_modules, so that what lies there finds its libraries.
const CACHE = join(ROOT, 'node_modules/.cache')

/** The TypeScript files below these directories of the repository as JavaScript, without type checks, below `out`. */
export async function transpile(directories: readonly string[], out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  await cp(join(ROOT, 'package.json'), join(out, 'package.json'))
  if (!out.startsWith(CACHE)) await symlink(join(ROOT, 'node_modules'), join(out, 'node_modules'))
  for (const directory of directories) {
    const files = await readdir(join(ROOT, directory), { recursive: true })
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = await readFile(join(ROOT, directory, file), 'utf8')
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      })
      await put(join(out, directory, file.replace(/\.ts$/, '.js')), outputText)
    }
  }
}

/** The command line, to run as a process of its own; gives its main.js. Shared by all tests. */
export async function transpiledCommandLine(): Promise<string> {
  const out = join(CACHE, 'vmclone-fix-cli')
  await transpile(['src'], out)
  return join(out, 'src/cli/main.js')
}

/** src/ in a directory of its own, for child processes that import from it. */
export async function transpiledSource(): Promise<{ directory: string; remove(): Promise<void> }> {
  await mkdir(CACHE, { recursive: true })
  const out = await mkdtemp(join(CACHE, 'source-'))
  await transpile(['src'], out)
  return { directory: join(out, 'src'), remove: () => rm(out, { recursive: true, force: true }) }
}

/** Whole at any instant: another test file may be running what is here. */
async function put(target: string, text: string): Promise<void> {
  if ((await readFile(target, 'utf8').catch(() => undefined)) === text) return
  await mkdir(dirname(target), { recursive: true })
  const fresh = `${target}.${process.pid}`
  await writeFile(fresh, text)
  await rename(fresh, target)
}
