using System.Globalization;
using Fovea.Cli.Output;
using Fovea.Data.Downloads;
using Fovea.Sources;

namespace Fovea.Cli.Work;

/// <summary>How far a download is, as a line for people.</summary>
internal static class DownloadLine
{
    private const double Mebibyte = 1 << 20;

    /// <summary>A bar where the length is known, and MiB.</summary>
    internal static string Of(DownloadProgress at) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(at.Total is { } total and > 0 ? $"{LiveView.Bar((double)at.Bytes / total)} " : "")}{at.File}: {at.Bytes / Mebibyte:F1}"
        + $"{(at.Total is { } all ? $" of {all / Mebibyte:F1}" : "")} MiB");

    /// <summary>Work that may fetch published weights, whose download is shown.</summary>
    internal static T Shown<T>(Report report, LoadOptions options, Func<LoadOptions, T> work) =>
        LiveLines.Run(report, view => work(options with { Downloading = at => view?.Show(Of(at)) }));
}
