/// The upper halves of the code pages that are in the printers here. Bytes of any other page print as question marks.
enum CodePage {
    /// What `byte` prints as on page `number` of `ESC t`.
    static func character(_ byte: UInt8, page number: UInt8) -> Unicode.Scalar {
        guard byte >= 0x80 else { return Unicode.Scalar(byte) }
        let page: [Unicode.Scalar]
        switch number {
        case 0: page = pc437
        case 16: page = wpc1252
        default: return "?"
        }
        let index = Int(byte) - 0x80
        return index < page.count ? page[index] : "?"
    }

    private static let pc437 = Array(
        ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
            + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ").unicodeScalars)

    private static let wpc1252 =
        Array("€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ".unicodeScalars)
        + (0xA0...0xFF as ClosedRange<UInt8>).map { Unicode.Scalar($0) }
}
