import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'

/** src/ as JavaScript, without type checks, so that the command line can run as a process of its own. Gives main.js. */
export async function buildCommandLine(): Promise<string> {
  const root = resolve(import.meta.dirname, '../..')
  const out = join(root, 'node_modules/.cache/vmclone-fix-cli')
  await mkdir(out, { recursive: true })
  await put(join(out, 'package.json'), await readFile(join(root, 'package.json'), 'utf8'))
  const files = await readdir(join(root, 'src'), { recursive: true })
  await Promise.all(
    files
      .filter((file) => file.endsWith('.ts'))
      .map(async (file) => {
        const source = await readFile(join(root, 'src', file), 'utf8')
        const target = join(out, 'dist', file.replace(/\.ts$/, '.js'))
        const { outputText } = ts.transpileModule(source, {
          compilerOptions: {
            target: ts.ScriptTarget.ES2023,
            module: ts.ModuleKind.ESNext,
            verbatimModuleSyntax: true,
            rewriteRelativeImportExtensions: true,
          },
        })
        await mkdir(dirname(target), { recursive: true })
        await put(target, outputText)
      }),
  )
  return join(out, 'dist/cli/main.js')
}

/** Whole at any instant: another test file may be running what is here. */
async function put(target: string, text: string): Promise<void> {
  if ((await readFile(target, 'utf8').catch(() => undefined)) === text) return
  const fresh = `${target}.${process.pid}`
  await writeFile(fresh, text)
  await rename(fresh, target)
}
