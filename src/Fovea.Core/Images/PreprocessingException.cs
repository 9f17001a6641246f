namespace Fovea.Images;

/// <summary>A <see cref="Preprocessing"/> cannot be done; the message says which value, and what was wanted.</summary>
public sealed class PreprocessingException : Exception
{
    /// <summary>Reports a problem.</summary>
    /// <param name="problem">The value that is out of range.</param>
    public PreprocessingException(PreprocessingProblem problem)
        : base(problem.ToString()) => Problem = problem;

    /// <summary>The value that is out of range.</summary>
    public PreprocessingProblem Problem { get; }
}
