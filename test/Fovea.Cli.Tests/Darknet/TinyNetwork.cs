using System.Globalization;

namespace Fovea.Cli.Tests.Darknet;

/// <summary>A cfg small enough for <see cref="TinyData"/>, and lists of its pictures.</summary>
internal static class TinyNetwork
{
    /// <summary>A net of two convolutions for three classes.</summary>
    /// <param name="maxBatches">The updates of its training, each of 8 images in two parts.</param>
    /// <param name="more">Further lines of <c>[net]</c>.</param>
    /// <param name="end">What follows the <c>[softmax]</c>.</param>
    internal static string Cfg(int maxBatches, string more = "policy=constant\n", string end = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        [net]
        batch=8
        subdivisions=2
        width=16
        height=16
        channels=3
        learning_rate=0.1
        burn_in=4
        max_batches={maxBatches}
        decay=0.0005
        {more}
        [convolutional]
        batch_normalize=1
        filters=4
        size=3
        stride=2
        pad=1
        activation=leaky

        [convolutional]
        filters=3
        size=1
        activation=linear

        [avgpool]

        [softmax]
        {end}
        """);

    /// <summary>The pictures of a folder, as lists name them.</summary>
    internal static IEnumerable<string> PicturesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
