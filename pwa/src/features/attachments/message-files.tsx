import type { MessageView } from '@wardline/core/client/model/views'
import { useContext } from 'react'
import { Button } from '../../ui/button.tsx'
import { AudioPlayer } from './audio-player.tsx'
import { OpenPictureContext } from './chat-pictures.tsx'
import { FilePortContext } from './file-port.ts'
import { FileRow } from './file-row.tsx'
import { ImageTile } from './image-tile.tsx'
import { kindOf } from './kinds.ts'
import styles from './message-files.module.css'
import { imagesOf } from './pictures.ts'
import { reasonText, uploadOf } from './upload-of.ts'

/** The files of a message, above its text. */
export function MessageFiles({ message }: { message: MessageView }) {
  const port = useContext(FilePortContext)
  const openPicture = useContext(OpenPictureContext)
  if (message.retracted || message.attachments.length === 0) return null
  const images = imagesOf(message.attachments)
  const others = message.attachments.filter((file) => kindOf(file) !== 'image')
  const cancel = message.transfer && (() => port?.cancel(message.key))
  return (
    <div className={styles.files}>
      {images.length > 0 && (
        <div className={styles.images} data-many={images.length > 1 ? '' : undefined}>
          {images.map((file, at) => (
            <ImageTile
              key={`${file.hash}/${at}`}
              attachment={file}
              upload={uploadOf(message, file)}
              small={images.length > 1}
              onOpen={() => openPicture(message.key, at)}
              onCancel={cancel}
            />
          ))}
        </div>
      )}
      {others.map((file, at) => {
        const Row = kindOf(file) === 'audio' ? AudioPlayer : FileRow
        return (
          <Row
            key={`${file.hash}/${at}`}
            attachment={file}
            upload={uploadOf(message, file)}
            onCancel={cancel}
          />
        )
      })}
      {message.transfer?.kind === 'failed' && (
        <div role="alert" className={styles.failed}>
          <span>Not sent. {reasonText(message.transfer.reason)}</span>
          <Button look="text" onClick={() => port?.retry(message.key)}>
            Retry
          </Button>
          <Button look="text" onClick={() => port?.cancel(message.key)}>
            Delete
          </Button>
        </div>
      )}
    </div>
  )
}
