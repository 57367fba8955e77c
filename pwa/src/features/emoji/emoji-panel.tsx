import { Chunk } from '../../ui/chunk.ts'
import { ChunkWait } from '../../ui/chunk-wait.tsx'
import { useChunk } from '../../ui/use-chunk.ts'

const chooser = new Chunk(() => import('./emoji-chooser.tsx'))

/** Every emoji there is, to choose from. They are many, and few look for them. */
export function EmojiPanel({ onChoose }: { onChoose: (emoji: string) => void }) {
  const loaded = useChunk(chooser, true)
  if (loaded.kind === 'here') return <loaded.parts.EmojiChooser onChoose={onChoose} />
  return <ChunkWait chunk={chooser} />
}
