import { type ServerFrame, writeServerFrame } from '@wardline/core/protocol/frames'
import type { BackpressuredSocket } from './backpressured-socket.ts'

export const sendFrame = (output: BackpressuredSocket, frame: ServerFrame): void =>
  output.send(writeServerFrame(frame))
