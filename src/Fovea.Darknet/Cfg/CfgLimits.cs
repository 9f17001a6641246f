namespace Fovea.Darknet.Cfg;

/// <summary>What a cfg may take. The largest that are published have some 500 sections and 40 000 characters.</summary>
internal static class CfgLimits
{
    /// <summary>The most bytes of a file.</summary>
    internal const int Bytes = 16 << 20;

    /// <summary>The most sections, [net] among them.</summary>
    internal const int Sections = 1 << 14;

    /// <summary>The most entries of a section.</summary>
    internal const int Entries = 1 << 10;

    /// <summary>The most characters of a line, without blanks.</summary>
    internal const int Line = 1 << 16;

    /// <summary>The most numbers of a list.</summary>
    internal const int Numbers = 1 << 12;
}
