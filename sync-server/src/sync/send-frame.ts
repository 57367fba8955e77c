import { lendServerFrame, type ServerFrame } from '@wardline/core/protocol/frames'
import type { BackpressuredSocket } from './backpressured-socket.ts'

export const sendFrame = (output: BackpressuredSocket, frame: ServerFrame): void =>
  lendServerFrame(frame, (bytes) => output.send(bytes))
