"use client";
import FileUp from "lucide-react/icons/file-up";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { classNames } from "#components/ui/class-names.ts";

type FileDropProps = {
  /** What is wanted ("Drop an evidence pack here or choose one"). */
  label: string;
  hint?: string;
  /** File name endings, e.g. [".zip"]. */
  accept?: readonly string[];
  /** Largest size in bytes. */
  bytesMax?: number;
  disabled?: boolean;
  onFile: (file: File) => void;
};

/** Takes one file by drop or choice; says what is wrong with one it cannot take. */
export function FileDrop({ label, hint, accept, bytesMax, disabled, onFile }: FileDropProps) {
  const t = useTranslations("ui.file");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const [problem, setProblem] = useState<string>();

  function take(file: File | undefined) {
    if (!file) return;
    if (accept && !accept.some((ending) => file.name.toLowerCase().endsWith(ending))) {
      setProblem(t("wrongKind", { name: file.name, kinds: accept.join(", ") }));
    } else if (bytesMax !== undefined && file.size > bytesMax) {
      setProblem(t("tooLarge", { name: file.name, max: `${Math.round(bytesMax / 1_048_576)} MB` }));
    } else {
      setProblem(undefined);
      onFile(file);
    }
  }

  return (
    <div className="flex flex-col gap-1">
      <button
        type="button"
        disabled={disabled}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          take(event.dataTransfer.files[0]);
        }}
        className={classNames(
          "flex min-h-28 flex-col items-center justify-center gap-1 rounded-md border border-control border-dashed px-4 py-6 text-center text-ink text-sm hover:bg-subtle disabled:opacity-50",
          isOver && "border-accent-ink bg-accent-tint",
        )}
      >
        <FileUp size={18} aria-hidden className="text-faint" />
        <span className="font-medium">{label}</span>
        {hint ? <span className="text-faint">{hint}</span> : null}
      </button>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        aria-label={label}
        hidden
        accept={accept?.join(",")}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      {problem ? (
        <p role="alert" className="text-red text-sm">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
