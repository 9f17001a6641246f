namespace Fovea.Training.Logging;

/// <summary>Where the course of a run is told.</summary>
public interface ITrainingLog
{
    /// <summary>Before the first batch of a run that begins or goes on. By default nothing is told of it.</summary>
    void Begin(RunOverview run)
    {
    }

    /// <summary>After each batch. By default nothing is told of it.</summary>
    void Batch(in BatchReport report)
    {
    }

    /// <summary>After each batch of an evaluation, where images are evaluated anew. By default nothing is told of it.</summary>
    void EvaluationBatch(in EvaluationBatchReport report)
    {
    }

    /// <summary>When nothing more is trained. By default nothing is told of it.</summary>
    /// <param name="isFinished">Whether the run is over; otherwise it was asked to stop.</param>
    void End(bool isFinished)
    {
    }

    /// <summary>Every so many steps, as the recipe says.</summary>
    void Step(in StepReport report);

    /// <summary>After an epoch.</summary>
    void Epoch(EpochReport report);

    /// <summary>Something that one may like to know.</summary>
    void Message(string text);

    /// <summary>Something that may be wrong.</summary>
    void Warning(string text);

    /// <summary>What is likely wrong with the run, before its first step or after an epoch; each check tells it once. By default a warning.</summary>
    void Advice(Advice advice) => Warning(advice.ToString());
}
