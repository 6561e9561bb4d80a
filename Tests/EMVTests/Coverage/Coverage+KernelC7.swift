extension Coverage {
    static let kernelC7 = Section("Kernel C-7 (UnionPay)", [])
}
