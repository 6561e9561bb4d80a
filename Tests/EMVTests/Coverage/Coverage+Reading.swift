extension Coverage {
    static let reading = Section(
        "Read application data",
        [
            Group("ReadingTests", "Records of the file locator", ReadingTests.records),
            Group("ReadingTests", "Data objects of the records", ReadingTests.objects),
        ])
}
