/** Why a file cannot be sent, and what to do instead, in words for who picked it. */

export const tooLarge = 'Files can have at most 100 MB.'
export const unreadable = 'The file cannot be read. Pick it again, or restart the device.'

const HEIC =
  'This browser cannot read pictures of this kind (HEIC). Save it as JPEG and send that. On an iPhone, Settings › Camera › Formats › Most Compatible takes JPEG pictures from then on.'
const PICTURE =
  'This browser cannot read this picture. Open it on your device and send a screenshot of it.'
const VIDEO =
  'Videos cannot be sent. Send pictures of what it shows (a screenshot of the paused video will do), or a voice note.'
const TEXT =
  'This text has letters in an old encoding. Open it, save it again as UTF-8, and send that.'
const ARCHIVE = 'Archives cannot be sent. Unpack it and send the files in it.'
const WEB = 'Web pages and drawings (HTML, SVG) cannot be sent. Print it as a PDF and send that.'
const OLD_OFFICE = 'Save it in today’s format (DOCX, XLSX or PPTX) or as a PDF, and send that.'
const OTHER = 'Only images, PDF, audio, text and office documents can be sent.'

const videos = /\.(?:mp4|m4v|mov|avi|mkv|webm|wmv|3gp|mpe?g|ogv)$/i
const texts = /\.(?:txt|text|csv|tsv|md|log|json)$/i
const archives = /\.(?:zip|rar|7z|tar|t?gz|bz2|xz)$/i
const pages = /\.(?:x?html?|svg|xml)$/i
const oldOffice = /\.(?:doc|xls|ppt|rtf|pages|numbers|key)$/i

interface Named {
  name: string
  /** As the system says by the ending; may be ''. */
  type: string
  size: number
}

export const pictureReason = ({ isHeic }: { isHeic: boolean }): string => (isHeic ? HEIC : PICTURE)

/** Of one whose bytes are of no kind that may be sent. */
export const refusedReason = ({ name, type, size }: Named): string => {
  if (size === 0) return 'This file is empty. If it comes from a cloud, download it first.'
  if (type.startsWith('video/') || videos.test(name)) return VIDEO
  if (pages.test(name)) return WEB
  if (archives.test(name)) return ARCHIVE
  if (oldOffice.test(name)) return OLD_OFFICE
  if (type.startsWith('image/')) return PICTURE
  if (type.startsWith('text/') || texts.test(name)) return TEXT
  return OTHER
}

/** What became of the name, for who wonders why it is another; undefined when it is the same. */
export const changedText = (
  before: string,
  after: string,
  isPicture: boolean,
): string | undefined => {
  if (before === after) return undefined
  if (isPicture) return `Made smaller for sending, from ${before}.`
  const added = after.startsWith(`${before}.`)
  return added
    ? `By its content it is no ${endingOf(before)} file, so .${after.split('.').at(-1)} is added.`
    : `Named ${before} here; signs that others could misread are left out.`
}

const endingOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toUpperCase() ?? 'other'
