// A workbook as Excel writes it, without compression.
import { crc32 } from 'node:zlib';

/** A cell: text, or a number. */
type Cell = string | number;

const NS = 'http://schemas.openxmlformats.org';
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** A workbook with these sheets; a name that begins with a dot is that of a hidden one. `more` are further parts of the archive. */
export function workbook(sheets: Record<string, Cell[][]>, more: Record<string, string> = {}): Buffer {
  const names = Object.keys(sheets);
  const overrides = names.map((_, idx) => `<Override PartName="/xl/worksheets/sheet${idx + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`);
  const relations = names.map((_, idx) => `<Relationship Id="r${idx + 1}" Type="${NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${idx + 1}.xml"/>`);
  const listed = names.map((name, idx) => `<sheet name="${name}"${name.startsWith('.') ? ' state="hidden"' : ''} sheetId="${idx + 1}" r:id="r${idx + 1}"/>`);
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${XML}<Types xmlns="${NS}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${overrides.join('')}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${NS}/package/2006/relationships"><Relationship Id="r1" Type="${NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${NS}/spreadsheetml/2006/main" xmlns:r="${NS}/officeDocument/2006/relationships"><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${NS}/package/2006/relationships">${relations.join('')}</Relationships>`,
    ...more,
  };
  Object.values(sheets).forEach((rows, idx) => {
    parts[`xl/worksheets/sheet${idx + 1}.xml`] = `${XML}<worksheet xmlns="${NS}/spreadsheetml/2006/main"><sheetData>${rows.map(row).join('')}</sheetData></worksheet>`;
  });
  return archive(parts);
}

function row(cells: Cell[], idx: number): string {
  const one = (cell: Cell, column: number) => {
    const place = `r="${String.fromCharCode(65 + column)}${idx + 1}"`;
    return typeof cell === 'number' ? `<c ${place}><v>${cell}</v></c>` : `<c ${place} t="inlineStr"><is><t xml:space="preserve">${cell}</t></is></c>`;
  };
  return `<row r="${idx + 1}">${cells.map(one).join('')}</row>`;
}

/** A zip archive whose entries are stored as they are. */
function archive(parts: Record<string, string>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [path, text] of Object.entries(parts)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // the version that reads it
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const directory = Buffer.alloc(46);
    directory.writeUInt32LE(0x02014b50, 0);
    directory.writeUInt16LE(20, 4);
    common.copy(directory, 6);
    directory.writeUInt32LE(at, 42);
    local.push(Buffer.from([0x50, 0x4b, 3, 4]), common, name, data);
    central.push(directory, name);
    at += 30 + name.length + data.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(central.length / 2, 8);
  end.writeUInt16LE(central.length / 2, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...central, end]);
}
