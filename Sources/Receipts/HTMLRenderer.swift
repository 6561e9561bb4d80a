import Payments
import Raster

/// A receipt as a page for a browser and its printer. It stands alone: no scripts, nothing is fetched.
public struct HTMLRenderer: Sendable {
    private let language: ReceiptLanguage

    /// A renderer of pages in this language.
    public init(language: ReceiptLanguage = .both) { self.language = language }

    /// A whole document in UTF-8, named `title`.
    public func render(_ receipt: Receipt, title: String) -> String {
        let lines = receipt.lines.map { html($0) + "\n" }.joined()
        return """
            <!DOCTYPE html>
            <html lang="\(language == .english ? "en" : "zh-CN")">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(escaped(title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            \(lines)</main>
            </body>
            </html>

            """
    }

    private func html(_ line: Receipt.Line) -> String {
        switch line {
        case .heading(let text): "<h1>\(html(text))</h1>"
        case .item(let name, let value): item(name, value, "item")
        case .emphasis(let name, let value): item(name, value, "item emphasis")
        case .technical(let values):
            "<p class=\"technical\">"
                + values.map { "<span>\(escaped($0.name)): \(escaped($0.value))</span>" }.joined(separator: " ")
                + "</p>"
        case .note(let text): "<p>\(html(text, separator: "<br>"))</p>"
        case .signature(let text): "<p class=\"signature\">\(html(text)):</p>"
        case .rule: "<hr>"
        case .symbol(let text, let caption): symbol(text, caption)
        case .ruler: "<hr>"
        }
    }

    private func item(_ name: BilingualText, _ value: BilingualText, _ kind: String) -> String {
        "<div class=\"\(kind)\"><span>\(html(name))</span><bdi>\(html(value))</bdi></div>"
    }

    /// A picture of lines, one for each run of black modules.
    private func symbol(_ text: String, _ caption: BilingualText) -> String {
        let caption = "<figcaption>\(html(caption, separator: "<br>"))</figcaption>"
        guard let modules = ReceiptSymbol(text)?.modules else {
            return "<figure>\(caption)<p>\(escaped(text))</p></figure>"
        }
        var path = ""
        for y in 0..<modules.size {
            var x = 0
            while x < modules.size {
                let start = x
                while modules[x, y] { x += 1 }
                if x > start {
                    path += "M\(start + QRSymbol.quietZone) \(y + QRSymbol.quietZone)h\(x - start)v1h-\(x - start)z"
                }
                x += 1
            }
        }
        let side = modules.size + 2 * QRSymbol.quietZone
        return "<figure>\(caption)<svg role=\"img\" aria-label=\"\(escaped(text))\" viewBox=\"0 0 \(side) \(side)\" "
            + "shape-rendering=\"crispEdges\"><path d=\"\(path)\"/></svg></figure>"
    }

    private func html(_ text: BilingualText, separator: String = " ") -> String {
        if text.isPlain { return escaped(text.chinese) }
        let chinese = "<span lang=\"zh-CN\">\(escaped(text.chinese))</span>"
        let english = "<span lang=\"en\">\(escaped(text.english))</span>"
        return switch language {
        case .both: chinese + separator + english
        case .chinese: chinese
        case .english: english
        }
    }

    /// Text as it may stand between tags and in attributes, without control characters.
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Columns.clean(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let style = """
        body { margin: 0; background: #fff; color: #000; font: 14px/1.4 sans-serif }
        main { max-width: 76mm; margin: 0 auto; padding: 4mm 2mm; overflow-wrap: anywhere }
        h1 { margin: .3em 0; font-size: 1.2em; text-align: center }
        p { margin: .3em 0 }
        hr { border: 0; border-top: 1px dashed #000 }
        .item { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 1em }
        .item bdi { margin-left: auto; text-align: right; font-variant-numeric: tabular-nums }
        .emphasis { font-size: 1.2em; font-weight: bold }
        .technical { font: 11px/1.4 monospace }
        .technical span { margin-right: 1em }
        .signature { padding-bottom: 14mm; border-bottom: 1px solid #000 }
        figure { margin: 1em 0; text-align: center }
        svg { width: 36mm; height: 36mm; background: #fff }
        @page { margin: 4mm }
        @media print { .item, figure, .signature { break-inside: avoid } }
        """
}
