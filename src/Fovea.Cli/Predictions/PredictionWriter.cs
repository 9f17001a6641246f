namespace Fovea.Cli.Predictions;

/// <summary>Writes what came of images, each as soon as it is known.</summary>
/// <param name="write">Takes text as it is.</param>
internal abstract class PredictionWriter(Action<string> write)
{
    /// <summary>What comes before the first image.</summary>
    internal virtual void Begin()
    {
    }

    /// <summary>Writes one image's classes, or why it has none.</summary>
    internal abstract void Add(ImagePrediction image);

    protected void Write(string text) => write(text);
}
