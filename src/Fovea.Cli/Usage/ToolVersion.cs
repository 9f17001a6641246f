using System.Reflection;

namespace Fovea.Cli.Usage;

/// <summary>What exactly is running.</summary>
internal static class ToolVersion
{
    /// <summary>The version of the tool, and the commit where the build knows it: <c>0.1.0+0c14101…</c>.</summary>
    internal static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
