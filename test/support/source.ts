import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** src/ as JavaScript that a child process can import, in a directory from where it finds its libraries. */
export async function transpiledSource(): Promise<{ directory: string; remove(): Promise<void> }> {
  const cache = join(ROOT, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const directory = await mkdtemp(join(cache, 'source-'))
  await cp(join(ROOT, 'package.json'), join(directory, 'package.json'))
  for (const name of await readdir(join(ROOT, 'src'), { recursive: true })) {
    if (!name.endsWith('.ts')) continue
    const target = join(directory, name.replace(/\.ts$/, '.js'))
    const { outputText } = ts.transpileModule(await readFile(join(ROOT, 'src', name), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    })
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, outputText)
  }
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}
