import Raster

/// Text in the order in which it is drawn, left to right.
///
/// A run from one right-to-left letter to the last before a letter of another script is turned round, numbers in it are not:
/// what Hebrew and Arabic names need (a small part of Unicode's annex 9). Arabic letters are not joined.
enum RightToLeft {
    static func drawn(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isRightToLeft) else { return text }
        var clusters: [[Unicode.Scalar]] = []
        for scalar in text.unicodeScalars {
            if Typeface.columns(scalar) == 0, let last = clusters.indices.last {
                clusters[last].append(scalar)
            } else {
                clusters.append([scalar])
            }
        }
        var place = 0
        while place < clusters.count {
            guard isRightToLeft(clusters[place][0]) else {
                place += 1
                continue
            }
            var end = place + 1
            for next in end..<clusters.count {
                if isRightToLeft(clusters[next][0]) { end = next + 1 } else if isStrong(clusters[next][0]) { break }
            }
            clusters[place..<end].reverse()
            turnNumbers(&clusters, place..<end)
            place = end
        }
        var scalars = String.UnicodeScalarView()
        for cluster in clusters { scalars.append(contentsOf: cluster) }
        return String(scalars)
    }

    /// Numbers in a run that was turned are turned back.
    private static func turnNumbers(_ clusters: inout [[Unicode.Scalar]], _ run: Range<Int>) {
        var place = run.lowerBound
        while place < run.upperBound {
            var end = place
            while end < run.upperBound, clusters[end][0].properties.numericType == .decimal { end += 1 }
            clusters[place..<end].reverse()
            place = max(end, place + 1)
        }
    }

    /// A letter of another script.
    private static func isStrong(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic && !isRightToLeft(scalar)
    }

    /// The blocks of Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin.
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
            scalar.properties.numericType != .decimal
        default: false
        }
    }
}
