/** Two builds of the app, one after the other, in a folder of the test's own. */
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const built = join(import.meta.dirname, '../../../pwa/dist')

export class Builds {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  /** The build that there is. */
  static async first(): Promise<Builds> {
    const folder = await mkdtemp(join(tmpdir(), 'wardline-build-'))
    await cp(built, folder, { recursive: true })
    return new Builds(folder)
  }

  /** The names of its scripts and style sheets. */
  async assets(): Promise<string[]> {
    return await readdir(join(this.folder, 'assets'))
  }

  /** Puts another one in its place, of whose scripts and style sheets none has a name as before. */
  async replace(): Promise<void> {
    const names = await this.assets()
    // What has no hash in its name has it beside it, in the list of the service worker.
    const renamed = (text: string): string =>
      names
        .reduce((now, name) => now.replaceAll(name, name.replace(/(?=\.\w+$)/, '2')), text)
        .replaceAll(/"revision":"(?=\w)/g, '$&2')
    for (const file of ['index.html', 'sw.js', ...names.map((name) => join('assets', name))]) {
      const path = join(this.folder, file)
      await writeFile(path, renamed(await readFile(path, 'utf8')))
    }
    for (const name of names)
      await rename(join(this.folder, 'assets', name), join(this.folder, 'assets', renamed(name)))
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}
